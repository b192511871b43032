/** Whether a text can be a uid or a pipeline's name: nothing that structural names use, nothing that breaks a message. */
export function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '__proto__' && /^[^/:[\]#@\u0000-\u001f]{1,200}$/.test(value);
}
