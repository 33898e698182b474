/** Who runs a command, and where, for the journal. */
import { hostname, userInfo } from 'node:os';

export interface Origin {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** Address of the job, if it runs in GitHub Actions or GitLab CI. */
  readonly job?: string;
}

export function origin(): Origin {
  const { GITHUB_ACTOR, GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = process.env;
  const { GITLAB_USER_LOGIN, CI_JOB_URL } = process.env;
  const github = GITHUB_RUN_ID && `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  const job = github || CI_JOB_URL;
  return {
    user: GITHUB_ACTOR ?? GITLAB_USER_LOGIN ?? userName(),
    ...{ host: hostname(), pid: process.pid },
    ...(job && { job }),
  };
}

/** A user of a container may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
