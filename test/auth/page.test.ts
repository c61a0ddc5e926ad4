import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { htmlOf, PAGE_HEADERS } from '../../src/auth/page.js';

const PAGE = { status: 400, title: 'A <title>', text: 'Not <b>bold</b> & "quoted".', fix: 'Run `a <b> c`.' };

describe('the page at the end of a login', () => {
  it('shows text as text, and words between backticks as code', () => {
    const html = htmlOf(PAGE);
    expect(html).toContain('<h1>A &#60;title&#62;</h1>');
    expect(html).toContain('<p>Not &#60;b&#62;bold&#60;/b&#62; &#38; &#34;quoted&#34;.</p>');
    expect(html).toContain('<p>Run <code>a &#60;b&#62; c</code>.</p>');
    expect(html).not.toMatch(/<script|<link|<img|url\(|@import|https?:/);
  });

  it('has a policy that lets its own style through, and nothing else', () => {
    const style = /<style>([^]*)<\/style>/.exec(htmlOf(PAGE))?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(PAGE_HEADERS['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
    );
  });

  it('tells good from bad', () => {
    expect(htmlOf({ ...PAGE, status: 200 })).toContain('<main class="good">');
    expect(htmlOf(PAGE)).toContain('<main>');
  });
});
