import { describe, expect, test } from '@jest/globals';
import * as rxjs from 'rxjs';
import * as rxjsAjax from 'rxjs/ajax';
import * as rxjsFetch from 'rxjs/fetch';
// eslint-disable-next-line rxjs-x/prefer-root-operators -- it is what ours is compared with
import * as rxjsOperators from 'rxjs/operators';
import * as rxjsWebSocket from 'rxjs/webSocket';

import * as ajax from '../src/ajax/index.js';
import * as fetch from '../src/fetch/index.js';
import * as root from '../src/index.js';
import * as operators from '../src/operators/index.js';
import * as webSocket from '../src/webSocket/index.js';

type Entry = Readonly<Record<string, unknown>>;

const entries: readonly (readonly [name: string, ours: Entry, theirs: Entry])[] = [
  ['rxjs-checkpoint', root, rxjs],
  ['rxjs-checkpoint/operators', operators, rxjsOperators],
  ['rxjs-checkpoint/ajax', ajax, rxjsAjax],
  ['rxjs-checkpoint/fetch', fetch, rxjsFetch],
  ['rxjs-checkpoint/webSocket', webSocket, rxjsWebSocket],
];

describe.each(entries)('%s', (_, ours, theirs) => {
  test('has every name that RxJS has there', () => {
    expect(Object.keys(theirs).filter((name) => ours[name] === undefined)).toEqual([]);
  });
});

/** What holds no state to checkpoint, and is RxJS's. Everything else is ours. */
const shared = [
  ...['Observable', 'observable', 'Subscriber', 'Subscription', 'config', 'isObservable', 'identity', 'noop'],
  ...['Subject', 'BehaviorSubject', 'ReplaySubject', 'AsyncSubject'],
  ...['Scheduler', 'VirtualAction', 'VirtualTimeScheduler'],
  ...['asap', 'asapScheduler', 'async', 'asyncScheduler', 'queue', 'queueScheduler'],
  ...['animationFrame', 'animationFrameScheduler'],
  ...['firstValueFrom', 'lastValueFrom', 'Notification', 'NotificationKind'],
  ...['ArgumentOutOfRangeError', 'EmptyError', 'NotFoundError', 'ObjectUnsubscribedError', 'SequenceError'],
  ...['TimeoutError', 'UnsubscriptionError'],
];

test('every operator and creation function is ours', () => {
  const same = Object.entries(rxjs).filter(([name, value]) => (root as Entry)[name] === value);
  expect(same.map(([name]) => name).sort()).toEqual([...shared].sort());
  const sameOperators = Object.entries(rxjsOperators).filter(([name, value]) => (operators as Entry)[name] === value);
  expect(sameOperators).toEqual([]);
});

test('seven names are other functions among the operators, as in RxJS', () => {
  const two = ['combineLatest', 'concat', 'merge', 'onErrorResumeNext', 'partition', 'race', 'zip'];
  const differ = Object.keys(operators).filter((name) => (operators as Entry)[name] !== (root as Entry)[name]);
  expect(differ.sort()).toEqual(two);
});
