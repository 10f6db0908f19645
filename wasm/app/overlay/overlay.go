//go:build !js

// Package overlay has what the browser program is built with in place of parts
// of go-app that only a server uses, or that this page does not: 2 to 3 % of the
// program.
package overlay

import (
	"crypto/sha256"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const module = "github.com/maxence-charriere/go-app/v9"

// A replacement stands in for a file of go-app.
type replacement struct {
	file   string // below the module's folder
	sha256 string // of the original that was replaced, in hexadecimal
	by     string // a file beside this one; empty: by nothing
}

var replacements = []replacement{
	// The http.Handler of a server: it brings net/http, text/template and mime.
	{"pkg/app/http.go", "970d42ad2eb2897f5d179802189449eac5bcc162062707c759fa72b42cc48154", "http.go.txt"},
	// Where that finds its files, and what it keeps of them.
	{"pkg/app/resource.go", "e291206c020f804adff4df09fa7fa792bb15a6fccacffe2c409833b6f1ffae19", ""},
	{"pkg/app/cache.go", "cf87c6d23b95752c398f0874535ac4f00d8682d5401e0c0731942d438133b845", ""},
	// Routes by regular expressions: the page's are plain paths, and nothing else
	// in the program needs regexp.
	{"pkg/app/route.go", "164adabe8fbf70301f946a60ac22ee4f714b503ea4dbc170e57505057bd41365", "route.go.txt"},
}

//go:embed *.go.txt
var files embed.FS

// Write writes what the go command needs to build with the replacements, from a
// module whose go.mod lies in the folder top: overlay.json for -overlay, and
// app.mod with app.sum for -modfile, into the folder top/out. Files below the
// module cache cannot be laid over, so go-app is replaced by a folder out/goapp
// that is there in overlay.json alone. It fails where an original is not the one
// that was replaced.
func Write(top, out string) error {
	dir, err := folder(top)
	if err != nil {
		return err
	}
	replace, err := laidOver(dir, filepath.Join(top, out))
	if err != nil {
		return err
	}
	overlay, err := json.MarshalIndent(map[string]any{"Replace": replace}, "", "\t")
	if err != nil {
		return err
	}
	mod, err := os.ReadFile(filepath.Join(top, "go.mod"))
	if err != nil {
		return err
	}
	sum, err := os.ReadFile(filepath.Join(top, "go.sum"))
	if err != nil {
		return err
	}
	mod = fmt.Appendf(mod, "\nreplace %s => ./%s/goapp\n", module, filepath.ToSlash(out))
	for name, data := range map[string][]byte{"overlay.json": overlay, "app.mod": mod, "app.sum": sum} {
		if err := os.WriteFile(filepath.Join(top, out, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// folder is where the go command keeps go-app, which it fetches if need be.
func folder(top string) (string, error) {
	list := exec.Command("go", "mod", "download", "-json", module)
	list.Dir, list.Stderr = top, os.Stderr
	text, err := list.Output()
	if err != nil {
		return "", fmt.Errorf("go mod download %s: %w", module, err)
	}
	var found struct{ Dir string }
	err = json.Unmarshal(text, &found)
	return found.Dir, err
}

// laidOver maps the files of out/goapp to those of go-app in dir and to the
// replacements, which it writes into out/replaced.
func laidOver(dir, out string) (map[string]string, error) {
	out, err := filepath.Abs(out)
	if err != nil {
		return nil, err
	}
	replace := map[string]string{}
	err = filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() != "go.mod" && (filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go")) {
			return err
		}
		name, err := filepath.Rel(dir, file)
		replace[filepath.Join(out, "goapp", name)] = file
		return err
	})
	if err != nil {
		return nil, err
	}
	written := filepath.Join(out, "replaced")
	if err := os.MkdirAll(written, 0o755); err != nil {
		return nil, err
	}
	for _, r := range replacements {
		original, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(r.file)))
		if err != nil {
			return nil, err
		}
		if sum := fmt.Sprintf("%x", sha256.Sum256(original)); sum != r.sha256 {
			return nil, fmt.Errorf("%s of %s has changed (SHA-256 %s): see what of it the page needs, mend its replacement in wasm/app/overlay, and note the new digest there", r.file, module, sum)
		}
		stands := filepath.Join(out, "goapp", filepath.FromSlash(r.file))
		if r.by == "" {
			replace[stands] = ""
			continue
		}
		text, err := files.ReadFile(r.by)
		if err != nil {
			return nil, err
		}
		replace[stands] = filepath.Join(written, strings.TrimSuffix(r.by, ".txt"))
		if err := os.WriteFile(replace[stands], text, 0o644); err != nil {
			return nil, err
		}
	}
	return replace, nil
}
