#!/usr/bin/env node
/** `npm start`: the production server for any host. Installs signal handlers before loading the service. */
import { listenForStop } from './stop-request.js';

const requests = listenForStop();
const { serve } = await import('./serve.js');
await serve(requests);
