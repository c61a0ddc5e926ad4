import { describe, expect, it } from 'vitest';
import { keepAnswers } from '../../src/cli/answers.js';
import type { EventAnswer } from '../../src/events.js';

const answerTo = (file: string, row: number): EventAnswer => ({
  place: { file, row, line: row + 1 },
  status: 'INVALID',
  codes: [],
  messages: [],
  warnings: [],
});

describe('kept answers', () => {
  it('stand in the order of the rows, however the requests overtook each other', () => {
    const answers = keepAnswers();
    const arrival: [string, number][] = [
      ['b.csv', 1],
      ['a.csv', 12],
      ['a.csv', 2],
    ];
    for (const [file, row] of arrival) answers.add(answerTo(file, row));
    expect(answers.record()).toMatchObject({
      answers: [
        { file: 'a.csv', row: 2 },
        { file: 'a.csv', row: 12 },
        { file: 'b.csv', row: 1 },
      ],
    });
  });

  it('are none when none came', () => {
    expect(keepAnswers().record()).toEqual({});
  });
});
