// The one function of Node that the package calls. All of @types/node would be a dependency of whoever checks types here.

export function readFile(path: URL): Promise<Uint8Array<ArrayBuffer>>;
