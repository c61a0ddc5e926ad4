import type { ExchangeReport } from '../events.js';
import type { Clean } from './clean.js';
import type { Answer, Batch } from './types.js';

/** Reports one request and its answer. `sent` is the batch of the request; nothing of it is reported. */
export type Trace = (request: Traced, answer: Answer, sent: Batch) => void;

type Traced = Pick<ExchangeReport, 'batch' | 'request' | 'events' | 'bytes' | 'durationMs'>;

export type TraceOptions = {
  /** From `eventsUrl`. */
  readonly url: string;
  /** Cleans texts of the answer to a batch. */
  readonly cleanAnswerTo: (batch: Batch) => Clean;
  /** Connections opened so far. */
  readonly connections: () => number;
  readonly observe: (exchange: ExchangeReport) => void;
};

/** Makes a trace of all requests to one URL. */
export function createTrace({ url, cleanAnswerTo, connections, observe }: TraceOptions): Trace {
  const { host, pathname } = new URL(url);
  const target = { method: 'POST', host, path: `${pathname}?access_token=***` } as const;
  return (request, answer, sent) => {
    observe({
      ...request,
      ...target,
      connections: connections(),
      ...told(answer, cleanAnswerTo(sent)),
    });
  };
}

function told(answer: Answer, clean: Clean): Partial<ExchangeReport> {
  if (answer.kind === 'no_answer') return { failure: answer.code };
  const { status, body, truncated } = answer;
  return { status, answerBytes: Buffer.byteLength(body), truncated, answer: clean(body) };
}
