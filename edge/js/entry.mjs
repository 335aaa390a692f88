// The worker's entry: hands each request to the compiled worker, and answers when that one has died.
//
// Not a place for rules or routes. It is written by hand since every microsecond here is paid by every request: no
// class and no proxy per request, and nothing `async`, so that an answer that is ready is handed on as it is.
//
// Why recovery is needed: the worker is compiled so that a bug that panics traps. A trap leaves the wasm memory half
// changed, a promise that this instance owed is never settled (its request would hang), and every object of this
// isolate lives in that memory. So the instance is thrown away as a whole: what it owed is answered with 500, a new
// one is made, and each object is made again from its storage, which a trap cannot have half written
// (transactionSync rolls back).
import wasm from "./leeway_edge_bg.wasm";
import * as edge from "leeway-edge";

edge.initSync({ module: wasm });

/** Counts the instances; an object made in another epoch is dead. */
let epoch = 0;
/** Rejecters of the answers that the living instance still owes. */
const owed = new Set();

const HEADERS = {
  "content-type": "application/problem+json",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};
const PROBLEM = JSON.stringify({ type: "about:blank", title: "Internal error", status: 500, code: "internal" });

function recover(error) {
  console.error(JSON.stringify({ level: "error", event: "trap", epoch, message: String(error?.message ?? error) }));
  epoch++;
  edge.__wbg_reset_state();
  for (const reject of owed) reject(error);
  owed.clear();
}

/** Whether an error that came without a stack of ours was a trap; a RangeError is a stack that ran out. */
const fatal = (error) => error instanceof WebAssembly.RuntimeError || error instanceof RangeError;

/** Recovers once: a neighbor's trap may have been dealt with already. */
function trapped(since, error) {
  if (since === epoch) recover(error);
}

const refusal = () => new Response(PROBLEM, { status: 500, headers: HEADERS });

/** Sees to it that a promise of the instance is settled even if the instance dies. */
function settled(answer) {
  if (!(answer instanceof Promise)) return answer;
  return new Promise((resolve, reject) => {
    owed.add(reject);
    const done = (settle) => (value) => (owed.delete(reject), settle(value));
    answer.then(done(resolve), done(reject));
  });
}

// A panic inside a promise reaches no caller of ours. The panic hook sets this flag while the wasm stack still stands,
// so recovery waits for the stack to be empty; a trap without a panic arrives as an event.
const hook = edge.__worker_init_state?.();
if (hook) {
  const died = (since) => queueMicrotask(() => trapped(since, new WebAssembly.RuntimeError("panic")));
  Object.defineProperty(hook, "criticalError", { get: () => false, set: (critical) => critical && died(epoch) });
}
for (const type of ["error", "unhandledrejection"])
  addEventListener(type, (event) => {
    const error = event.error ?? event.reason;
    if (fatal(error)) trapped(epoch, error);
  });

function guarded(call) {
  const since = epoch;
  try {
    const answer = settled(call());
    if (!(answer instanceof Promise)) return answer;
    return answer.catch((error) => {
      if (fatal(error)) trapped(since, error);
      else console.error(JSON.stringify({ level: "error", event: "rejected", message: String(error?.message ?? error) }));
      return refusal();
    });
  } catch (error) {
    // The doors return and never throw: whatever was thrown has crossed wasm frames that could not clean up.
    trapped(since, error);
    return refusal();
  }
}

export default {
  fetch: (request, env) => guarded(() => edge.fetch(request, env)),
};

/** One per operator. Its inner object is made on first use, and again after a trap. */
export class OperatorObject {
  constructor(state, env) {
    this.state = state;
    this.env = env;
    this.epoch = -1;
  }

  living() {
    if (this.epoch !== epoch) {
      this.inner = new edge.OperatorObject(this.state, this.env);
      this.epoch = epoch;
    }
    return this.inner;
  }

  fetch(request) {
    return guarded(() => this.living().fetch(request));
  }

  /** A trap rejects: the platform then tries the alarm again. */
  alarm() {
    return settled(this.living().alarm?.());
  }
}
