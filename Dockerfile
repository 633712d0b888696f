# The service as a container: non-root, for a read-only root, without npm packages but the native hashes.
# docs/deploying-elsewhere.md says how to run it. `.ci/try-image` builds the same files and runs them without Docker.
FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN scripts/image-tree /app

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3001
WORKDIR /app
COPY --from=build /app .
USER node
EXPOSE 3001
# The process, not the database: a restart would not bring the database back.
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/server.js"]
