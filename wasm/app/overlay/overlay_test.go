//go:build !js

package overlay

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The files that are replaced are still those that were, and the program builds
// without what they brought.
func TestWrite(t *testing.T) {
	const top = "../../.."
	out, err := os.MkdirTemp(top, ".bin-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(out) })
	if err := Write(top, filepath.Base(out)); err != nil {
		t.Fatal(err)
	}
	deps := func(args ...string) map[string]bool {
		t.Helper()
		list := exec.Command("go", append(append([]string{"list", "-deps"}, args...), "./wasm/app")...)
		list.Dir, list.Env = top, append(os.Environ(), "GOOS=js", "GOARCH=wasm")
		text, err := list.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		all := map[string]bool{}
		for name := range strings.FieldsSeq(string(text)) {
			all[name] = true
		}
		return all
	}
	before := deps()
	after := deps("-modfile", filepath.Base(out)+"/app.mod", "-overlay", filepath.Base(out)+"/overlay.json")
	for _, name := range []string{"net/http", "text/template", "mime/multipart", "compress/gzip", "log"} {
		if !before[name] || after[name] {
			t.Errorf("%s: needed %v, with the overlay %v", name, before[name], after[name])
		}
	}
	if !after[module+"/pkg/app"] {
		t.Error("the program is without go-app")
	}
}

// Of another go-app it builds nothing.
func TestOriginalsChanged(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "pkg/app"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, r := range replacements {
		if err := os.WriteFile(filepath.Join(dir, r.file), []byte("package app\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := laidOver(dir, t.TempDir()); err == nil || !strings.Contains(err.Error(), "pkg/app/http.go of github.com/maxence-charriere/go-app/v9 has changed") {
		t.Errorf("%v", err)
	}
}

// Every replacement is used, and is there.
func TestReplacements(t *testing.T) {
	used := map[string]bool{}
	for _, r := range replacements {
		used[r.by] = true
	}
	found, err := files.ReadDir(".")
	if err != nil || len(found) == 0 {
		t.Fatal(len(found), err)
	}
	for _, f := range found {
		if !used[f.Name()] {
			t.Errorf("%s replaces nothing", f.Name())
		}
	}
}
