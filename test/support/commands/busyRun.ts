/** A process that holds a lock while its event loop is busy; run by lock.slow.test.ts. */
import { acquireLock } from '../../../scripts/retrain/lock.ts';
import { s3Bucket } from '../../../scripts/store/s3.ts';

const [url = '', busyMs = ''] = process.argv.slice(2);
const bucket = s3Bucket({ url, accessKeyId: 'key', secretAccessKey: 'secret' });
const lock = await acquireLock(bucket, 'busy', {
  ...{ holder: 'busy', seconds: 5, wait: 0, print: () => undefined },
});
process.stdout.write('held\n');
for (const started = Date.now(); Date.now() - started < Number(busyMs); );
await lock.confirm();
await lock.release();
process.stdout.write('released\n');
