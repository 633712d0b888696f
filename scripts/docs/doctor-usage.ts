/** What `npm run doctor -- --help` prints. */
import { usage } from '../../clients/doctor/src/options.js';

export function doctorUsage(): string {
  return `\`\`\`\n${usage}\`\`\`\n`;
}
