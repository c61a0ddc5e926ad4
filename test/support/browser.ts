import { setTimeout as pause } from 'node:timers/promises';
import { findBrowser, launch, type DevTools } from './devtools.js';

/** One window of a real browser, used as a person uses it. */
export type Browser = {
  /** Types an address in. */
  readonly open: (url: string) => Promise<void>;
  /** Waits until the page shows a text, and gives all it shows. */
  readonly reads: (text: string) => Promise<string>;
  /** Presses the mouse on the button with this label. */
  readonly click: (label: string) => Promise<void>;
  /** Presses a key: `Tab`, `Enter`. */
  readonly press: (key: 'Tab' | 'Enter') => Promise<void>;
  /** Evaluates an expression in the page, for what cannot be seen. */
  readonly evaluate: (expression: string) => Promise<unknown>;
  readonly show: (look: Look) => Promise<void>;
  /** What the window shows, as a PNG. */
  readonly screenshot: () => Promise<Buffer>;
  readonly close: () => Promise<void>;
};

/** Size of the window in CSS pixels, and the person's choice of colors. */
export type Look = { readonly width: number; readonly height: number; readonly colors: 'light' | 'dark' };

const PATIENCE_MS = 10_000;
const KEYS = {
  Tab: { key: 'Tab', code: 'Tab', windowsVirtualKeyCode: 9 },
  Enter: { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' },
};

// What is pressed before a page is first painted is dropped by the browser.
const PAINTED = `document.readyState === 'complete' && performance.getEntriesByType('paint').length > 0`;

/** Empty when there is a browser in PATH; else what the title of a test that needs it says. */
export function missingBrowser(): string {
  return findBrowser() === undefined ? ' (NOT RUN: neither chromium nor google-chrome is installed)' : '';
}

/** Starts a browser of its own with one empty window. */
export async function openBrowser(): Promise<Browser> {
  const path = findBrowser();
  if (path === undefined) throw new Error('there is no browser in PATH');
  const devTools = await launch(path);
  try {
    return inWindow(devTools, await windowOf(devTools));
  } catch (problem) {
    await devTools.close();
    throw problem;
  }
}

async function windowOf({ send }: DevTools): Promise<string> {
  const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
  return String(sessionId);
}

function inWindow(devTools: DevTools, window: string): Browser {
  const send = (method: string, params?: object) => devTools.send(method, params, window);

  async function evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await send('Runtime.evaluate', { expression, returnByValue: true });
    if (exceptionDetails !== undefined) throw new Error(`the page threw at ${expression}`);
    return (result as { readonly value?: unknown }).value;
  }

  // While a page goes away there is nothing to evaluate in.
  const look = (expression: string) => evaluate(expression).catch(() => undefined);

  async function mouse(type: string, place: object): Promise<void> {
    await send('Input.dispatchMouseEvent', { type, ...place, button: 'left', clickCount: 1 });
  }

  return {
    evaluate,
    close: devTools.close,
    async open(url) {
      const answer = await send('Page.navigate', { url });
      if ('errorText' in answer) throw new Error(`the page cannot be opened: ${JSON.stringify(answer)}`);
    },
    reads: (text) =>
      poll(`the page shows ${JSON.stringify(text)}`, async () => {
        const shown = await look(`${PAINTED} ? document.body.innerText : undefined`);
        return typeof shown === 'string' && shown.includes(text) ? shown : undefined;
      }),
    async click(label) {
      const place = await poll(`there is a button ${label}`, () => look(middleOf(label)));
      for (const type of ['mouseMoved', 'mousePressed', 'mouseReleased']) await mouse(type, place as object);
    },
    async press(key) {
      for (const type of ['keyDown', 'keyUp']) await send('Input.dispatchKeyEvent', { type, ...KEYS[key] });
    },
    async show({ width, height, colors }) {
      const size = { width, height, deviceScaleFactor: 1, mobile: width < 600 };
      await send('Emulation.setDeviceMetricsOverride', size);
      const features = [{ name: 'prefers-color-scheme', value: colors }];
      await send('Emulation.setEmulatedMedia', { features });
    },
    async screenshot() {
      const { data } = await send('Page.captureScreenshot', { format: 'png' });
      return Buffer.from(String(data), 'base64');
    },
  };
}

/** Where a button is that a person can hit: on the screen, with nothing before it. */
function middleOf(label: string): string {
  return `(() => {
    const button = [...document.querySelectorAll('button')].find((one) => one.innerText.trim() === ${JSON.stringify(label)});
    if (button === undefined || !(${PAINTED})) return undefined;
    const box = button.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    return document.elementFromPoint(x, y) === button ? { x, y } : undefined;
  })()`;
}

async function poll<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  while (!patience.aborted) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(20);
  }
  throw new Error(`waited for ${PATIENCE_MS} ms until ${what}`);
}
