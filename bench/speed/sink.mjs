// The API of the measurements, in a process of its own: it takes everything, at once or after a while. While time is measured
// it only counts requests and bytes, so that it leaves the machine to who is measured. To verify, it reads what arrived.
import { createServer } from 'node:http';
import { performance } from 'node:perf_hooks';
import { createDigest } from './digest.mjs';

const ANSWER = JSON.stringify({ status: 'VALID', reason: 'Events have been processed successfully.' });

let phase = begin({ verify: false, latencyMs: 0 });

const server = createServer((request, response) => {
  phase.firstMs ??= performance.now();
  const chunks = [];
  request.on('data', (chunk) => {
    phase.bytes += chunk.length;
    if (phase.digest !== undefined) chunks.push(chunk);
  });
  request.on('end', () => {
    phase.requests += 1;
    phase.digest?.add(Buffer.concat(chunks));
    if (phase.latencyMs === 0) answer(response);
    else setTimeout(answer, phase.latencyMs, response);
  });
});
// Clients keep their connections through a slow round.
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${server.address().port}` }));
process.on('disconnect', () => process.exit());
process.on('message', (message) => {
  if (message.take) process.send(take());
  else {
    phase = begin(message);
    process.send({});
  }
});

function begin({ verify, latencyMs }) {
  return {
    latencyMs,
    requests: 0,
    bytes: 0,
    firstMs: undefined,
    lastMs: undefined,
    cpu: process.cpuUsage(),
    digest: verify ? createDigest() : undefined,
  };
}

function answer(response) {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': ANSWER.length });
  response.end(ANSWER);
  phase.lastMs = performance.now();
}

/** What arrived since the phase began. `sendingMs` is from the first request to the last answer. */
function take() {
  const { user, system } = process.cpuUsage(phase.cpu);
  return {
    requests: phase.requests,
    bytes: phase.bytes,
    sendingMs: (phase.lastMs ?? 0) - (phase.firstMs ?? 0),
    sinkCpuMs: (user + system) / 1000,
    ...phase.digest?.result(),
  };
}
