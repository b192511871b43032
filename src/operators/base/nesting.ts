/**
 * What is next in line starts from within the end of what was before it, as in RxJS, where teardowns can tell. After so
 * many in a row that end at once it starts when the stack is flat again, which RxJS's would overflow.
 */
export const DEEPEST_NESTING = 100;
