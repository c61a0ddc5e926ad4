import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { Answer } from './answers.js';
import { ACCEPTED } from './answers.js';
import type { Fault } from './faults.js';

type Sleep = (ms: number) => Promise<void>;

const HTML =
  '<!doctype html>\n<html><head><title>Gateway</title></head><body><h1>Please wait</h1></body></html>\n';
// Neither UTF-8 nor JSON, whatever a reader assumes.
const GARBAGE = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x00, 0x80, 0x3a, 0xc3, 0x28, 0x5d]);

/** The answer a client sees under a fault: for most kinds a false one, else the true one. Undefined when it sees none. */
export function visibleAnswer(fault: Fault | undefined, truth: Answer | undefined): Answer | undefined {
  const headers = fault?.retryAfter === undefined ? {} : { 'Retry-After': fault.retryAfter };
  const answer = truth ?? ACCEPTED;
  switch (fault?.kind) {
    case 'reset-before':
    case 'reset-after':
    case 'silence':
      return undefined;
    case 'status':
      return { status: fault.status, body: '', headers: { ...headers, ...locationFor(fault.status) } };
    case 'html':
      return { status: fault.status, body: HTML, type: 'text/html', headers };
    case 'empty':
      return { status: 200, body: '', headers };
    case 'garbage':
      return { status: 200, body: GARBAGE, type: 'application/json', headers };
    case 'cut':
    case 'slow':
    case 'drip':
    case 'hangup':
    case undefined:
      return { ...answer, headers: { ...answer.headers, ...headers } };
  }
}

function locationFor(status: number): Record<string, string> {
  return status >= 300 && status < 400 ? { Location: '/elsewhere' } : {};
}

/** Gives the answer, or fails to, as the fault says. Resolves when the simulator's part is done. */
export async function deliver(
  response: ServerResponse,
  socket: Socket,
  answer: Answer | undefined,
  fault: Fault | undefined,
  sleep: Sleep,
): Promise<void> {
  if (answer === undefined) {
    if (fault?.kind !== 'silence') socket.resetAndDestroy();
    return;
  }
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  if (fault?.kind === 'slow') await sleep(fault.waitMs);
  response.writeHead(answer.status, {
    ...answer.headers,
    ...(answer.type !== undefined && { 'Content-Type': `${answer.type}; charset=utf-8` }),
    'Content-Length': body.length,
  });
  switch (fault?.kind) {
    case 'cut':
      response.write(body.subarray(0, body.length >> 1), () => socket.destroy());
      return;
    case 'drip':
      await drip(response, body, fault.waitMs, sleep);
      return;
    case 'hangup':
      response.end(body, () => socket.destroy());
      return;
    default:
      response.end(body);
  }
}

async function drip(response: ServerResponse, body: Uint8Array, waitMs: number, sleep: Sleep): Promise<void> {
  for (let index = 0; index < body.length; index++) {
    if (response.destroyed) return;
    response.write(body.subarray(index, index + 1));
    await sleep(waitMs);
  }
  response.end();
}
