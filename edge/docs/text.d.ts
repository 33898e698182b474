/** Files that are uploaded as text (`rules` in wrangler.toml). */
declare module '*.html' {
  const text: string;
  export default text;
}

declare module '*.css' {
  const text: string;
  export default text;
}

declare module '*.page.js' {
  const text: string;
  export default text;
}
