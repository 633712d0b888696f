/** What a feature brings to `npm run dev`. */
import type { RequestListener } from 'node:http';

export interface DevPart {
  /** Variables for the service, in addition to those that are set. */
  readonly environment: Readonly<Record<string, string>>;
  readonly page?: DevPage;
  /** What to try in a shell, with a sentence above. */
  readonly commands?: string;
  stop(): Promise<void>;
}

interface DevPage {
  /** What it shows, in a few words. */
  readonly title: string;
  /** The beginning of the paths that it answers. */
  readonly path: string;
  readonly listener: RequestListener;
}
