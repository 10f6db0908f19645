//go:build !js

package judges

import (
	"os"
	"path/filepath"
	"testing"
)

// unpacked is the folder where .ci/judges unpacks a mail server of Debian's;
// the file .complete in it lists its packages with their versions.
func unpacked(t *testing.T, name string) string {
	t.Helper()
	root, err := filepath.Abs("../../../.out/judges/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if os.Getuid() != 0 {
		missing(t, "root, whom "+name+" wants,", "sudo make test")
	}
	if _, err := os.Stat(filepath.Join(root, ".complete")); err != nil {
		missing(t, name, "sudo .ci/judges")
	}
	return root
}

// within runs a command with an unpacked server laid over the system.
func within(t *testing.T, root, dir, command string) string {
	t.Helper()
	out, err := run(t, "", "testdata/inside.sh", root, dir, "sh", "-c", command)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// serveWithin has a command serve there; it execs the server.
func serveWithin(t *testing.T, root string, s site, command string) {
	t.Helper()
	background(t, "", "testdata/inside.sh", root, s.Dir, "sh", "-c", command)
}
