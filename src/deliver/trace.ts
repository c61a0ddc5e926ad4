import type { ExchangeReport } from '../events.js';
import type { Clean } from './clean.js';
import type { Answer } from './types.js';

/** Reports one request and its answer. `clean` takes out of the answer what was sent. */
export type Trace = (request: Traced, answer: Answer, clean: Clean) => void;

type Traced = Pick<ExchangeReport, 'batch' | 'request' | 'events' | 'bytes' | 'durationMs'>;

export type TraceOptions = {
  /** From `eventsUrl`. */
  readonly url: string;
  /** Connections opened so far. */
  readonly connections: () => number;
  readonly observe: (exchange: ExchangeReport) => void;
};

/** Makes a trace of all requests to one URL. */
export function createTrace({ url, connections, observe }: TraceOptions): Trace {
  const { host, pathname } = new URL(url);
  const target = { method: 'POST', host, path: `${pathname}?access_token=***` } as const;
  return (request, answer, clean) => {
    observe({
      ...request,
      ...target,
      connections: connections(),
      ...told(answer, clean),
    });
  };
}

function told(answer: Answer, clean: Clean): Partial<ExchangeReport> {
  if (answer.kind === 'no_answer') return { failure: answer.code };
  const { status, body, truncated } = answer;
  return { status, answerBytes: Buffer.byteLength(body), truncated, answer: clean(body) };
}
