//go:build !js

package judges

import "testing"

var smtpServer = serverJudge{
	name:       "smtp-server (npm)",
	version:    func(t *testing.T) string { return nodeModule(t, "smtp-server") },
	mechanisms: []string{"PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"},
	start:      func(t *testing.T, s site) { background(t, s.json(), "node", "testdata/node/smtp-server.mjs") },
}
