/** Operators and users for tests of the administration. */
import { Visitor, type Answer, type AskOptions } from './visitor.js';
import type { TestService } from './test-service.js';

/** What administration needs. */
export const adminEnv = { ADMIN: 'on', SECOND_FACTOR: 'optional' };

type Service = Pick<TestService, 'url' | 'database'>;

/** What the database has of a session: how the tests make one that was proven long ago, or by two factors. */
interface State {
  readonly role?: string | null;
  readonly aal?: 1 | 2;
  /** Age of the latest proof. */
  readonly provenMinutesAgo?: number;
}

/** A browser with a page of the service itself, as the console is. */
export class OperatorBrowser extends Visitor {
  constructor(
    protected readonly of: Service,
    origin = 'http://localhost:3001',
  ) {
    super(of, origin);
  }

  /** Signs up, then writes the state into the database. */
  async become({ role = null, aal = 1, provenMinutesAgo = 0 }: State): Promise<this> {
    await this.signUp();
    const { database } = this.of;
    await database.query('update "user" set role = $1 where email = $2', [role, this.email]);
    await database.query(
      `update session set aal = $1, proven_at = now() - make_interval(mins => $2)
       where user_id = (select id from "user" where email = $3)`,
      [aal, provenMinutesAgo, this.email],
    );
    return this;
  }

  async userId(): Promise<string> {
    const rows = await this.of.database.query<{ id: string }>(
      'select id from "user" where email = $1',
      [this.email],
    );
    return rows[0]?.id ?? '';
  }

  admin(path: string, options: AskOptions = {}): Promise<Answer> {
    return this.ask(`/api/admin${path}`, options);
  }

  /** POST; the body is JSON. */
  act(userId: string, action: string, body: object = {}): Promise<Answer> {
    return this.admin(`/users/${userId}/${action}`, { body });
  }
}

/** An operator who may do everything. */
export const newOperator = (service: Service) =>
  new OperatorBrowser(service).become({ role: 'admin', aal: 2 });
