// A certificate for this machine, made when the mail servers start and trusted by nobody who is not given it.
import { generate } from "selfsigned";

const NAMES = [
  { type: 2, value: "localhost" },
  { type: 7, ip: "127.0.0.1" },
];

/** `{ key, cert }` as PEM texts. */
export async function certificate() {
  const extensions = [
    { name: "basicConstraints", cA: true, critical: true },
    { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
    { name: "extKeyUsage", serverAuth: true },
    { name: "subjectAltName", altNames: NAMES },
  ];
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], { keyType: "ec", extensions });
  return { key, cert };
}
