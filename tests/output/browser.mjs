// The browser that the machine has.

import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';

import {chromium} from 'playwright-core';

/** Places where systems install Chromium or Chrome. */
const BROWSERS = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Starts the browser that the machine has. */
export async function openBrowser() {
  const program = BROWSERS.find((path) => path && existsSync(path));
  assert.ok(program, 'Chromium is missing. Install it: apt-get install chromium (or set CHROMIUM to its path)');
  // Containers have no user namespace for the sandbox, and the pages are our own.
  return chromium.launch({executablePath: program, args: ['--no-sandbox']});
}
