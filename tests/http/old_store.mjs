// Runs in workerd in the worker's place, on the same folder: `POST /OPERATOR` with `[[sql, ...values], ...]` runs all of it in one transaction on
// that operator's SQLite and answers the rows of each. Not a test: `upgrade.test.mjs` is.

export default {
  fetch(request, { OPERATORS }) {
    const [, operator] = new URL(request.url).pathname.split("/");
    return operator ? OPERATORS.get(OPERATORS.idFromName(operator)).fetch(request) : new Response("ready");
  },
};

export class OperatorObject {
  constructor({ storage }) {
    this.storage = storage;
  }

  async fetch(request) {
    const statements = await request.json();
    const rows = this.storage.transactionSync(() => statements.map(([sql, ...values]) => this.storage.sql.exec(sql, ...values).toArray()));
    return Response.json(rows);
  }
}
