import { useState } from 'preact/hooks';
import { API, type Call } from '../service.ts';

/** What "copy as" offers, by the name that readers see. */
const LANGUAGES = {
  curl: (call: Call) =>
    [
      `curl '${addressOf(call)}' \\`,
      `  -H 'Content-Type: application/json' -H "X-API-Key: $API_KEY" \\`,
      `  -d '${JSON.stringify(call.body).replaceAll("'", "'\\''")}'`,
    ].join('\n'),
  TypeScript: ({ model, operation, body, query }: Call) =>
    [
      "import { createClient } from 'latentedge-client';",
      '',
      `const client = createClient('${API}', { headers: { 'X-API-Key': process.env.API_KEY ?? '' } });`,
      `const response = await client.v1.models[':model'].${operation}.$post({`,
      `  param: { model: '${model}' },`,
      `  json: ${JSON.stringify(body)},`,
      ...(query ? [`  query: ${JSON.stringify(query)},`] : []),
      '});',
      'if (!response.ok) throw new Error((await response.json()).detail);',
      'const answer = await response.json();',
    ].join('\n'),
} as const satisfies Record<string, (call: Call) => string>;

function addressOf({ model, operation, query }: Call): string {
  const parameters = `${new URLSearchParams(query)}`;
  return `${API}/v1/models/${model}/${operation}${parameters === '' ? '' : `?${parameters}`}`;
}

/** The request behind what is shown, as code to read and to copy. */
export function CopyCode({ call }: { readonly call: Call | null }) {
  const [isOpen, setOpen] = useState(false);
  const [copied, setCopied] = useState('');
  if (call === null) return null;
  const copy = (name: keyof typeof LANGUAGES) => async () => {
    // Browsers have no clipboard for pages that came without TLS from another machine.
    await navigator.clipboard?.writeText(LANGUAGES[name](call));
    setCopied(navigator.clipboard ? `Copied ${call.operation} as ${name}.` : 'Select the code and copy it.');
    if (!navigator.clipboard) setOpen(true);
  };
  return (
    <div class="copy">
      <span class="faint">
        <code>{call.operation}</code> as
      </span>
      {Object.keys(LANGUAGES).map((name) => (
        <button type="button" class="quiet" onClick={copy(name as keyof typeof LANGUAGES)} key={name}>
          Copy {name}
        </button>
      ))}
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>Show</summary>
        {/* Written only when it is shown: bodies change at every stroke. */}
        {isOpen && (
          <textarea
            readOnly
            rows={10}
            aria-label="Code of the request"
            value={Object.values(LANGUAGES)
              .map((write) => write(call))
              .join('\n\n')}
          />
        )}
      </details>
      <span role="status" class="faint">
        {copied}
      </span>
    </div>
  );
}
