import { POISON_KEY } from '../../src/simulator/index.js';

/** Rows of a made-up shop: mostly good, some invalid, some expired, some that only the API refuses. */
export type ShopRows = {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Event ids by what must become of them. */
  readonly good: readonly string[];
  readonly invalid: readonly string[];
  readonly expired: readonly string[];
  readonly poison: readonly string[];
};

const COLUMNS = [
  'event_name',
  'event_time',
  'event_source_url',
  'event_id',
  'em',
  'fn',
  'currency',
  'value',
  'content_id_1',
  'content_quantity_1',
  'note',
  POISON_KEY,
];

export function shopRows(count: number, isPoison: (row: number) => boolean): ShopRows {
  const fates = {
    good: [] as string[],
    invalid: [] as string[],
    expired: [] as string[],
    poison: [] as string[],
  };
  const rows = Array.from({ length: count }, (_, i) => {
    const fate = isPoison(i) ? 'poison' : i % 41 === 7 ? 'invalid' : i % 97 === 5 ? 'expired' : 'good';
    fates[fate].push(`id-${i}`);
    return [
      'purchase',
      fate === 'expired'
        ? '2026-10-01 00:00:00'
        : `2026-11-19 10:${String(i % 60).padStart(2, '0')}:00.000 UTC`,
      `https://shop.example.com/p/${i}`,
      `id-${i}`,
      fate === 'invalid' ? 'broken' : `User${i}@Example.com`,
      'Raphaël, "Raf"',
      'usd',
      `${i % 1000}.5`,
      `SKU${i % 77}`,
      '2',
      i % 3 === 0 ? 'two\nlines' : '',
      fate === 'poison' ? 'only the API knows' : '',
    ];
  });
  return { columns: COLUMNS, rows, ...fates };
}

export function toCsv({ columns, rows }: ShopRows): string {
  const quote = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return [columns, ...rows].map((cells) => `${cells.map(quote).join(',')}\n`).join('');
}

export function toJsonl({ columns, rows }: ShopRows): string {
  return rows
    .map((cells) => `${JSON.stringify(Object.fromEntries(columns.map((name, i) => [name, cells[i]])))}\n`)
    .join('');
}
