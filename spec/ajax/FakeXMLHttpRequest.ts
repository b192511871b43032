/** A request that is answered when a spec says so. */
export class FakeXMLHttpRequest extends EventTarget {
  static readonly sent: FakeXMLHttpRequest[] = [];
  readonly upload = new EventTarget();
  readonly headers: Record<string, string> = {};
  method = '';
  url = '';
  body: unknown = undefined;
  responseType = '';
  status = 0;
  readyState = 0;
  response: unknown = null;
  wasAborted = false;

  open(method: string, url: string): void {
    this.method = method;
    this.url = url;
  }

  setRequestHeader(name: string, value: string): void {
    this.headers[name.toLowerCase()] = value;
  }

  getAllResponseHeaders(): string {
    return 'content-type: application/json';
  }

  send(body?: unknown): void {
    this.body = body;
    FakeXMLHttpRequest.sent.push(this);
  }

  abort(): void {
    this.wasAborted = true;
  }

  answer(status: number, response: unknown): void {
    Object.assign(this, { status, response, readyState: 4 });
    this.dispatchEvent(new Event('load'));
  }
}
