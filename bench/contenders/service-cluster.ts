/**
 * Several processes of the built service behind one port: node:cluster, whose first process accepts connections and hands
 * them to the others in turn. `PROCESSES` is their number, `SERVICE_FILE` the service's file.
 */
import cluster from 'node:cluster';

const { PROCESSES: processes, SERVICE_FILE: file } = process.env;
if (file === undefined) throw new Error('SERVICE_FILE is not set');

cluster.setupPrimary({ exec: file, args: [] });
for (let index = 0; index < Number(processes); index += 1) cluster.fork();

const workers = () => Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    for (const worker of workers()) worker.process.kill('SIGTERM');
  });
}
cluster.on('exit', () => {
  if (workers().length === 0) process.exit();
});
