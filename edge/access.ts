/** Scopes of paths, and requests from this machine. */

/** Permissions of a key: to use the models, or to administer the Worker. */
export const SCOPES = ['infer', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/**
 * Public paths: they reveal nothing about models, and monitoring and readers of the documentation have no
 * key.
 */
const PUBLIC = new Set(['/', '/health', '/v2/health/live', '/v2/health/ready', '/openapi.json', '/docs']);
const PUBLIC_FOLDERS = ['/docs/', '/problems/'];
const ADMIN = ['/metrics', '/admin'];

/**
 * Returns the scope that a path needs, or null for a public path. Pass the path that routes are matched
 * against, so that no spelling of it (percent-encoding, for instance) reaches a route with another scope.
 *
 * @example
 * requiredScope(c.req.path);
 */
export function requiredScope(path: string): Scope | null {
  if (PUBLIC.has(path) || PUBLIC_FOLDERS.some((folder) => path.startsWith(folder))) return null;
  return ADMIN.some((admin) => path === admin || path.startsWith(`${admin}/`)) ? 'admin' : 'infer';
}

/** Headers that proxies add: a request that has one came through a proxy, from anywhere. */
const FORWARDING =
  /^(forwarded|via|x-forwarded(-.*)?|x-original-.*|x-envoy-.*|x-real-ip|(x-|true-|x-cluster-|fly-|fastly-)client-ip|x-azure-(clientip|ref)|x-amzn-trace-id|cf-(ray|visitor|ipcountry|warp-tag-id)|cdn-loop)$/;

/**
 * True if a request comes from the machine that the Worker runs on.
 *
 * On Cloudflare's network this is always false, whatever a client sends: requests are routed by host,
 * `localhost` belongs to no zone, and Cloudflare sets `CF-Connecting-IP`. In a local workerd, the client
 * controls both the address and the host, so both must be local; this keeps out web pages whose own domain
 * was pointed at 127.0.0.1 (DNS rebinding). A proxy on this machine connects from it, and may send its own
 * host: what shows that it is forwarded is never local. A client on another machine can forge both, so a
 * local Worker that listens on the network is started with OPEN = "false".
 */
export function isLocalRequest(request: Request): boolean {
  const { headers, url } = request;
  const host = headers.get('Host');
  const address = headers.get('CF-Connecting-IP');
  return (
    isLoopback(hostName(/^https?:\/\/([^/?#]*)/.exec(url)?.[1] ?? '')) &&
    (host === null || isLoopback(hostName(host))) &&
    (address === null || isLoopback(address)) &&
    !isForwarded(headers) &&
    !closes(request)
  );
}

/**
 * True if the sender closes its connection after this request. nginx without further configuration, up to
 * 1.29.6, does so, and shows itself by nothing else; later ones do not, so this is no protection by itself.
 * HEAD and OPTIONS are left out: their answers say little, and some clients close the connection of every
 * HEAD.
 */
function closes({ method, headers }: Request): boolean {
  return method !== 'HEAD' && method !== 'OPTIONS' && /\bclose\b/i.test(headers.get('Connection') ?? '');
}

function isForwarded(headers: Headers): boolean {
  for (const name of headers.keys()) if (FORWARDING.test(name)) return true;
  return false;
}

/** True if a host name or address is a loopback one: `localhost`, 127.0.0.0/8 or ::1. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** Strips brackets and port: `[::1]:8787` to `::1`. A user name in a URL stays, and then matches nothing. */
function hostName(host: string): string {
  return /^\[?(.*?)\]?(?::\d+)?$/.exec(host)?.[1] ?? host;
}
