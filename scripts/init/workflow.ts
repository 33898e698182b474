/** The nightly job of a project: takes recipe, data, name and flags from repository variables. */

/** Actions are pinned by commit: a tag can be moved to other code. */
const CHECKOUT = 'actions/checkout@08eba0b27e820071cde6df949e0beb9ba4906955 # v4.3.0';
const SETUP_NODE = 'actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0';

export const RETRAIN_WORKFLOW = `# Every night, and by hand: trains a recipe and deploys the model if it is no worse than the one in production.
name: retrain

on:
  schedule:
    - cron: '17 3 * * *'
  workflow_dispatch:
    inputs:
      flags:
        description: further flags, for instance --warm-start
        default: ''

concurrency:
  group: retrain
  cancel-in-progress: false

permissions:
  contents: read

jobs:
  retrain:
    runs-on: ubuntu-latest
    timeout-minutes: 120
    env:
      RECIPE: \${{ vars.RECIPE || 'orders' }}
      DATA: \${{ vars.DATA }}
      FLAGS: \${{ inputs.flags || vars.RETRAIN_FLAGS }}
    steps:
      - uses: ${CHECKOUT}
        with:
          persist-credentials: false
      - uses: ${SETUP_NODE}
        with:
          node-version: 22
          cache: npm
      - run: npm ci
      # A gate that refuses the model ends this with exit code 3: the job fails, and production stays as it is.
      - env:
          CLOUDFLARE_ACCOUNT_ID: \${{ vars.CLOUDFLARE_ACCOUNT_ID }}
          CLOUDFLARE_API_TOKEN: \${{ secrets.CLOUDFLARE_API_TOKEN }}
          R2_ACCESS_KEY_ID: \${{ secrets.R2_ACCESS_KEY_ID }}
          R2_SECRET_ACCESS_KEY: \${{ secrets.R2_SECRET_ACCESS_KEY }}
          LATENTEDGE_URL: \${{ vars.LATENTEDGE_URL }}
          LATENTEDGE_API_KEY: \${{ secrets.LATENTEDGE_API_KEY }}
        run: npx latentedge retrain "$RECIPE" --target cloudflare \${DATA:+--data "$DATA"} --canary 10 --watch 300 --wait 600 $FLAGS
`;
