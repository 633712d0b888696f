/** Offers each request to work that waits for an answer to have left. */
import type { RequestHandler } from 'express';

/** Made when somebody asks for it: nearly no request is waited for. Settles when it was answered or broke off. */
export type Answered = () => Promise<void>;

export function afterAnswer(offer: (answered: Answered) => void): RequestHandler {
  return function offerRequest(_req, res, next) {
    offer(() => new Promise((resolve) => res.once('close', resolve)));
    next();
  };
}
