/** Whether a text can be a uid or a pipeline's name: nothing that structural names use, nothing that breaks a message. */
export function isName(value: unknown): value is string {
  // eslint-disable-next-line no-control-regex -- control characters would break messages and file listings
  return typeof value === 'string' && value !== '__proto__' && /^[^/:[\]#@\u0000-\u001f]{1,200}$/.test(value);
}
