/** The browser in which tests look at pages. */
export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
