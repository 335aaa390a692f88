// What a build puts in the place of these names.

declare module "*.wasm" {
  const compiled: WebAssembly.Module;
  export default compiled;
}
declare module "leeway-bytes" {
  const bytes: Uint8Array;
  export default bytes;
}
declare module "*.css" {
  const text: string;
  export default text;
}
