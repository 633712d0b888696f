#!/usr/bin/env node
/** `npm start`: the production server for any host. Installs signal handlers before loading the service. */
import { enableCompileCache } from './compile-cache.js';
import { listenForStop } from './stop-request.js';

const requests = listenForStop();
enableCompileCache(import.meta.url);
const { serve } = await import('./serve.js');
await serve(requests);
