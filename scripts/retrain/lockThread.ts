/** The thread that renews a lock; see lockRenewal.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import type { BucketConnection } from '../store/bucket.ts';
import { s3Bucket } from '../store/s3.ts';
import { type HeldLock, type LockAnswer, type LockRequest, pauseOf, renewer } from './lockRenewal.ts';
import { reasonOf } from './reason.ts';

const { connection, held } = workerData as { connection: BucketConnection; held: HeldLock };
const { renew } = renewer(s3Bucket(connection), held);

const answer = (request: LockRequest | undefined): void => {
  const id = request && { id: request.id };
  renew(request?.released ?? false).then(
    (isHeld) => parentPort!.postMessage({ ...id, isHeld } satisfies LockAnswer),
    (error: unknown) => parentPort!.postMessage({ ...id, error: reasonOf(error) } satisfies LockAnswer),
  );
};

const timer = setInterval(() => answer(undefined), pauseOf(held.record));
parentPort!.on('message', (request: LockRequest) => {
  // A released lock is not renewed any more.
  if (request.released) clearInterval(timer);
  answer(request);
});
