/** `node --import` of this file holds the load of the service for three seconds, as a slow disk does. */
import { register } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) register(import.meta.url); // Node runs hooks in a thread of their own

/** @type {import('node:module').LoadHook} */
export const load = async (url, context, next) => {
  if (/\/serve[^/]*\.js$/.test(url)) await sleep(3_000);
  return next(url, context);
};
