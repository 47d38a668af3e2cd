module.exports = {
  testDir: "tests",
  retries: 1,
  workers: 1,
  projects: [{ name: "desktop" }, { name: "phone", grep: /totals|adds/ }],
  outputDir: "reports/files",
  reporter: [
    ["json", { outputFile: "reports/report.json" }],
    ["junit", { outputFile: "reports/report.xml" }],
    ["playwright-ctrf-json-reporter", { outputDir: "reports", outputFile: "ctrf.json" }],
  ],
};
