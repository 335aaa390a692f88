// What Stripe takes for an amount in each currency, from its public documentation. Written for the tests alone: the worker has a table of its own.
import { ApiError, invalid } from "./errors.mjs";

const ZERO_DECIMAL = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" ");
const HUNDREDTHS_THAT_ARE_ZERO = "isk ugx".split(" ");
const THREE_DECIMAL = "bhd jod kwd omr tnd".split(" ");
const OTHERS =
  "aed amd ars aud azn bam bgn bnd bob brl cad chf cny cop crc czk dkk dop egp eur gbp gel hkd huf idr ils inr kes kzt lkr mad mdl mkd mxn myr ngn nok nzd pab pen php pkr pln qar ron rsd sar sek sgd thb try twd uah usd uyu uzs zar".split(" ");
const LEAST = {
  usd: 50, aed: 200, aud: 50, bgn: 100, brl: 50, cad: 50, chf: 50, czk: 1500, dkk: 250, eur: 50, gbp: 30, hkd: 400, huf: 17500, inr: 50,
  jpy: 50, mxn: 1000, myr: 200, nok: 300, nzd: 50, pln: 200, ron: 200, sek: 300, sgd: 50, thb: 1000,
};
const MOST = 99_999_999;

export function currencyOf(value, label) {
  const code = String(value).toLowerCase();
  if (![ZERO_DECIMAL, HUNDREDTHS_THAT_ARE_ZERO, THREE_DECIMAL, OTHERS].some((group) => group.includes(code))) {
    throw invalid(`Invalid currency: ${value}. Stripe currently supports these currencies: …`, label);
  }
  return code;
}

/** The form of an amount: whole units in their own currency. */
export function checkForm(amount, currency, label) {
  if (amount < 0) throw invalid("This value must be greater than or equal to 0.", label, "parameter_invalid_integer");
  if (HUNDREDTHS_THAT_ARE_ZERO.includes(currency) && amount % 100 !== 0) {
    throw invalid(`Invalid amount: ${currency} amounts must be evenly divisible by 100`, label);
  }
  if (THREE_DECIMAL.includes(currency) && amount % 10 !== 0) {
    throw invalid(`Invalid amount: the least-significant digit of an amount in ${currency} must be 0`, label);
  }
}

/** Can it be charged? */
export function checkCharge(amount, currency, label) {
  checkForm(amount, currency, label);
  const least = LEAST[currency] ?? 1;
  if (amount < least) {
    throw new ApiError(400, "invalid_request_error", `The Checkout Session's total amount must convert to at least ${least} ${currency}.`, { code: "amount_too_small", param: label });
  }
  if (amount > MOST) throw invalid(`The Checkout Session's total amount due must be no more than ${MOST}`, label, "amount_too_large");
}

/** What is kept of a charge: 1.5 % and a quarter of a unit. */
export function feeOf(amount, currency) {
  const fixed = ZERO_DECIMAL.includes(currency) ? 25 : THREE_DECIMAL.includes(currency) ? 250 : 25;
  const raw = Math.min(amount, Math.round(amount * 0.015) + fixed);
  const step = HUNDREDTHS_THAT_ARE_ZERO.includes(currency) ? 100 : THREE_DECIMAL.includes(currency) ? 10 : 1;
  return Math.floor(raw / step) * step;
}
