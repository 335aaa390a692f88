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

/** Whether an error that came without a stack of ours was a trap; a RangeError is a stack that ran out. */
const fatal = (error) => error instanceof WebAssembly.RuntimeError || error instanceof RangeError;

/** One line for the log. The text of a trap is the engine's own; any other may quote a customer's data. */
function log(event, error) {
  const what = fatal(error) ? error.message : (error?.name ?? typeof error);
  console.error(JSON.stringify({ level: "error", event, epoch, error: what }));
}

function recover(error) {
  log("trap", error);
  epoch++;
  edge.__wbg_reset_state();
  for (const reject of owed) reject(error);
  owed.clear();
}

/** Recovers once: a neighbor's trap may have been dealt with already. */
function trapped(since, error) {
  if (since === epoch) recover(error);
}

/** Sees to it that a promise of the instance is settled even if the instance dies. */
function settled(answer) {
  if (!(answer instanceof Promise)) return answer;
  return new Promise((resolve, reject) => {
    owed.add(reject);
    const done = (settle) => (value) => (owed.delete(reject), settle(value));
    answer.then(done(resolve), done(reject));
  });
}

// A panic inside a promise reaches no caller of ours. The panic hook calls this while the wasm stack still stands, so
// recovery waits for the stack to be empty; a trap without a panic arrives as an event.
globalThis.leeway = {
  died() {
    const since = epoch;
    queueMicrotask(() => trapped(since, new WebAssembly.RuntimeError("panic")));
  },
};
for (const type of ["error", "unhandledrejection"])
  addEventListener(type, (event) => {
    const error = event.error ?? event.reason;
    if (fatal(error)) trapped(epoch, error);
  });

/** Makes a call into the instance; `otherwise` says what becomes of one that failed. */
function guarded(call, otherwise) {
  const since = epoch;
  try {
    const answer = settled(call());
    if (!(answer instanceof Promise)) return answer;
    return answer.catch((error) => {
      if (fatal(error)) trapped(since, error);
      else log("rejected", error);
      return otherwise(error);
    });
  } catch (error) {
    // The doors return and never throw: whatever was thrown has crossed wasm frames that could not clean up.
    trapped(since, error);
    return otherwise(error);
  }
}

const refuse = () => new Response(PROBLEM, { status: 500, headers: HEADERS });
/** The platform then tries the alarm again. */
const rethrow = (error) => {
  throw error;
};

/** Methods whose requests have no body that anybody reads. */
const READ_ONLY = new Set(["GET", "HEAD", "OPTIONS"]);

export default {
  fetch: (request, env) => guarded(() => edge.fetch(request, env), refuse),
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
    const answer = (body) => guarded(() => this.living().fetch(request, body), refuse);
    if (READ_ONLY.has(request.method)) return answer("");
    // Read here: a future inside the instance that waits for it is a task, closures and crossings of its own.
    return request.text().then(answer, (error) => (log("body", error), refuse()));
  }

  alarm() {
    return guarded(() => this.living().alarm?.(), rethrow);
  }
}
