/** Which paths need a key, and with which scope. */

/** What a key may do: use the models, or look after the Worker. */
export const SCOPES = ['infer', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Anybody may read these: they tell nothing about models, and monitors and documentation readers have no key. */
const PUBLIC = new Set(['/health', '/v2/health/live', '/v2/health/ready', '/openapi.json', '/docs']);
const PUBLIC_FOLDERS = ['/docs/', '/problems/'];
const ADMIN = ['/metrics', '/admin'];

/**
 * The scope that a path needs, or null where anybody may ask. The path is the one that routes are matched with, so no
 * spelling of it (percent-encoding, for instance) reaches a route with another scope.
 *
 * @example
 * requiredScope(c.req.path);
 */
export function requiredScope(path: string): Scope | null {
  if (PUBLIC.has(path) || PUBLIC_FOLDERS.some((folder) => path.startsWith(folder))) return null;
  return ADMIN.some((admin) => path === admin || path.startsWith(`${admin}/`)) ? 'admin' : 'infer';
}

/**
 * Whether a request comes from the machine that the Worker runs on.
 *
 * In Cloudflare's network the answer is no, whatever a client sends: requests are routed by host, `localhost` belongs to
 * no zone, and `CF-Connecting-IP` is set by Cloudflare. In a local workerd a client writes both the address and the
 * host, so they must agree; this keeps out web pages whose own domain was pointed at 127.0.0.1 (DNS rebinding). A
 * client on another machine can claim anything, so a local Worker that listens to others is started with OPEN = "false".
 */
export function isLocalRequest(request: Request): boolean {
  const host = request.headers.get('Host');
  const address = request.headers.get('CF-Connecting-IP');
  return (
    isLoopback(hostName(/^https?:\/\/([^/?#]*)/.exec(request.url)?.[1] ?? '')) &&
    (host === null || isLoopback(hostName(host))) &&
    (address === null || isLoopback(address))
  );
}

/** Whether a host name or address is this machine's own: `localhost`, 127.0.0.0/8 or ::1. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** `[::1]:8787` to `::1`, `localhost:8787` to `localhost`; user names, which URLs may have, are left in, and match nothing. */
function hostName(host: string): string {
  return /^\[?(.*?)\]?(?::\d+)?$/.exec(host)?.[1] ?? host;
}
