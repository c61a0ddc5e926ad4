import Table from 'cli-table3';

const NONE = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** A table without lines and colors, as good for reading as for `awk`. */
export function plainTable(head: readonly string[]): Table.Table {
  return new Table({
    head: [...head],
    chars: NONE,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
}

/** The table as text; lines end where their text does. */
export function tableText(table: Table.Table): string {
  return `${table.toString().replace(/ +$/gm, '')}\n`;
}
