//go:build !js

package judges

import (
	"os/exec"
	"testing"
)

var smtplib = clientJudge{
	name: "Python smtplib",
	version: func(t *testing.T) string {
		return version(t, python(t), "--version")
	},
	mechanisms: []string{"PLAIN", "LOGIN", "CRAM-MD5"},
	inClear:    true,
	send: func(t *testing.T, do task) error {
		_, err := run(t, do.json(), python(t), "testdata/smtplib_send.py")
		return err
	},
}

// python is Debian's, whose packages it finds, else any.
func python(t *testing.T) string {
	t.Helper()
	if path, err := exec.LookPath("/usr/bin/python3"); err == nil {
		return path
	}
	return need(t, "python3", debian("python3"))
}
