//go:build !js

package judges

import "testing"

var nodemailer = clientJudge{
	name:       "nodemailer",
	version:    func(t *testing.T) string { return nodeModule(t, "nodemailer") },
	mechanisms: []string{"PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"},
	inClear:    true,
	send: func(t *testing.T, do task) error {
		_, err := run(t, do.json(), "node", "testdata/node/nodemailer.mjs")
		return err
	},
}
