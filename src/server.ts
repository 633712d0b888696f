#!/usr/bin/env node
/** `npm start`: the production server for any host. Listens for signals first, then loads what serves. */
import { listenForStop } from './stop-request.js';

const requests = listenForStop();
const { serve } = await import('./serve.js');
await serve(requests);
