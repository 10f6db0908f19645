//go:build !js

package judges

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

var haraka = serverJudge{
	name:       "Haraka",
	version:    func(t *testing.T) string { return nodeModule(t, "Haraka") },
	mechanisms: []string{"PLAIN", "LOGIN", "CRAM-MD5"},
	start: func(t *testing.T, s site) {
		config, plugins := s, s
		config.Dir, plugins.Dir = filepath.Join(s.Dir, "config"), filepath.Join(s.Dir, "plugins")
		if err := errors.Join(os.Mkdir(config.Dir, 0o755), os.Mkdir(plugins.Dir, 0o755)); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"smtp.ini", "connection.ini", "tls.ini", "auth_flat_file.ini", "plugins", "me"} {
			config.fill(t, "haraka/"+name)
		}
		plugins.fill(t, "haraka/keep.js")
		// it would take its time to find a group of its own
		if out, err := run(t, "", need(t, "openssl", debian("openssl")), "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:ffdhe2048",
			"-out", filepath.Join(config.Dir, "dhparams.pem")); err != nil {
			t.Fatal(err, out)
		}
		background(t, "", "node", "testdata/node/node_modules/Haraka/bin/haraka", "-c", s.Dir)
	},
}
