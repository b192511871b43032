/** How errors of one class are stored and re-created: a restore gives user code an error of the same class again. */
export interface ErrorType {
  /** Names the class in snapshots; must not change. */
  readonly name: string;
  is(error: Error): boolean;
  /** A new error of the class, from what `fields` gave. `message`, `stack`, `cause` and own properties are set afterwards. */
  create(message: string): Error;
}

/** Stands in a snapshot for an error. */
export class StoredError {
  constructor(
    readonly type: string,
    readonly message: string,
    /** Own properties, `stack` and `cause` among them. */
    readonly fields: Readonly<Record<string, unknown>>,
  ) {}
}

/** An error class of the language: exactly it, not a subclass, whichever realm it comes from. */
function builtIn(name: string, create: (message: string) => Error): ErrorType {
  return {
    name,
    create,
    is: (error) => {
      const prototype: unknown = Object.getPrototypeOf(error);
      if (typeof prototype !== 'object' || prototype === null) return false;
      if (
        !Object.hasOwn(prototype, 'constructor') ||
        (prototype as { constructor: { name?: unknown } }).constructor.name !== name
      )
        return false;
      // Error.prototype stands directly on Object.prototype, the others on Error.prototype.
      let depth = 0;
      for (let p: unknown = prototype; p !== null; p = Object.getPrototypeOf(p)) depth++;
      return depth === (name === 'Error' ? 2 : 3);
    },
  };
}

export const builtInErrorTypes: readonly ErrorType[] = [
  builtIn('Error', (message) => new Error(message)),
  builtIn('TypeError', (message) => new TypeError(message)),
  builtIn('RangeError', (message) => new RangeError(message)),
  builtIn('SyntaxError', (message) => new SyntaxError(message)),
  builtIn('ReferenceError', (message) => new ReferenceError(message)),
  builtIn('URIError', (message) => new URIError(message)),
  builtIn('EvalError', (message) => new EvalError(message)),
];
