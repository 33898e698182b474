import { ServiceError } from '../service.ts';

/** An error, with what the reader can do about it. */
export function Notice({ error }: { readonly error: Error | undefined }) {
  if (error === undefined) return null;
  const needsKey = error instanceof ServiceError && error.status === 401;
  return (
    <p class="notice" role="alert">
      {error.message}
      {needsKey && ' Enter the key at the top of this page; it is kept in memory only.'}
    </p>
  );
}
