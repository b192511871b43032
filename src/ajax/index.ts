export { ajax } from './ajax.js';
export type { AjaxCreationMethod } from './ajax.js';
export { AjaxError, AjaxResponse, AjaxTimeoutError } from 'rxjs/ajax';
export type { AjaxConfig, AjaxDirection, AjaxRequest } from 'rxjs/ajax';
