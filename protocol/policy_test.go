//go:build !js

// The import policy of the whole project, in the manner of Go's own
// go/build/deps_test.go. It reads sources, all files of both targets at once,
// so it runs natively only.
package protocol_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// "a < b" lets b import a, and whatever a may; nothing else is allowed. A name
// stands for the package under protocol/ or web/ that ends with it.
const policy = `
	trace < sasl/kerberos < sasl;
	quirk, trace, sasl/issuer < sasl;
	smtp < problem;
	smtp, sasl < machine;
	machine < exchange;
	exchange, problem < server, client < dialect < dialect/data;
	smtp, trace < transcript < session, replay;
	dialect < replay;
	strictjson < dialect, session, protocol/cmd/authlab;
	tlslink, dialect < session < scenario < matrix;
	server, client, tlslink < netio;
	netio, matrix, dialect/data, replay < protocol/cmd/authlab;
	scenario < link;
	link, i18n < view < lab < wasm/app;
	wasm/app/overlay;
	wasm/bare;
	held;
	link, i18n < web/api < wasm/worker;
	view < web/programs;
	matrix, lab, api, static, dialect/data, programs, slim, wasm/app/overlay < web/cmd/playground;
`

const module = "example.org/smtpauth"

// A source is what one file imports and calls of other packages.
type source struct {
	file    string // "protocol/smtp/line.go"
	imports []string
	uses    []string // "time.Now": import path, dot, name
}

func (s source) pkg() string { return path.Dir(s.file) }

func TestImportPolicy(t *testing.T) {
	sources := read(t, os.DirFS(".."))
	if len(sources) == 0 {
		t.Fatal("no sources")
	}
	for _, fault := range check(parse(policy), sources) {
		t.Error(fault)
	}
}

// The check finds what it is for.
func TestImportPolicyFindsFaults(t *testing.T) {
	for _, test := range []struct{ file, source, want string }{
		{"protocol/smtp/a.go", `import _ "example.org/smtpauth/protocol/sasl"`, "may not import protocol/sasl"},
		{"protocol/server/a.go", `import _ "example.org/smtpauth/protocol/client"`, "may not import protocol/client"},
		{"protocol/server/a.go", `import _ "example.org/smtpauth/protocol/trace"`, ""},
		{"protocol/scenario/a.go", `import _ "example.org/smtpauth/web/i18n"`, "may not import web/i18n"},
		{"protocol/other/a.go", `import _ "example.org/smtpauth/protocol/smtp"`, "protocol/other is not in the policy"},
		{"protocol/server/a.go", `import _ "example.org/smtpauth/protocol/held"`, "may not import protocol/held"},
		{"protocol/smtp/a.go", `import _ "os"`, "imports os"},
		{"protocol/held/a.go", `import _ "os"`, ""},
		{"protocol/smtp/a.go", `import _ "syscall/js"`, "imports syscall/js"},
		{"protocol/smtp/a.go", `import _ "crypto/rand"`, "imports crypto/rand"},
		{"protocol/smtp/a.go", `import _ "math/rand/v2"`, "imports math/rand/v2"},
		{"protocol/smtp/a.go", `import _ "github.com/maxence-charriere/go-app/v9/pkg/app"`, "imports github.com/maxence-charriere/go-app/v9/pkg/app"},
		{"protocol/smtp/a_js.go", `import "time"; var t = time.Now()`, "uses time.Now"},
		{"protocol/smtp/a.go", `import clock "time"; var t = clock.Now`, "uses time.Now"},
		{"protocol/smtp/a.go", `import . "time"; var t = Now()`, "imports time with a dot"},
		{"protocol/smtp/a.go", `import "time"; var t time.Duration`, ""},
		{"protocol/smtp/a_test.go", `import "os"; import "time"; var t = time.Now(); var _ = os.Args`, ""},
		{"protocol/netio/a.go", `import "net"; import "time"; var t = time.Now(); var _ = net.Dial`, ""},
		{"protocol/smtp/a.go", `import "net"; var c net.Conn`, "uses net.Conn"},
		{"protocol/tlslink/a.go", `import "net"; var c net.Conn; var e net.OpError`, ""},
		{"protocol/tlslink/a.go", `import "net"; var c = net.Dial`, "uses net.Dial"},
	} {
		files := fstest.MapFS{test.file: {Data: []byte("package p\n" + test.source)}}
		faults := check(parse(policy), read(t, files))
		if test.want == "" && len(faults) > 0 {
			t.Errorf("%s: %s: %q", test.file, test.source, faults)
		} else if test.want != "" && !strings.Contains(strings.Join(faults, "\n"), test.want) {
			t.Errorf("%s: %s: %q, want %q", test.file, test.source, faults, test.want)
		}
	}
}

// parse returns, for each name of the policy, the names that it may import.
func parse(policy string) map[string]map[string]bool {
	may := map[string]map[string]bool{}
	for rule := range strings.SplitSeq(policy, ";") {
		var left []string
		for group := range strings.SplitSeq(rule, "<") {
			names := strings.Split(group, ",")
			for i := range names {
				names[i] = short(strings.TrimSpace(names[i]))
				if names[i] == "" {
					continue
				}
				if may[names[i]] == nil {
					may[names[i]] = map[string]bool{}
				}
				for _, l := range left {
					may[names[i]][l] = true
				}
			}
			left = names
		}
	}
	for again := true; again; { // a < b < c: c may import a
		again = false
		for _, allowed := range may {
			for _, name := range slices.Collect(maps.Keys(allowed)) {
				for further := range may[name] {
					again = again || !allowed[further]
					allowed[further] = true
				}
			}
		}
	}
	return may
}

// short returns the name of a package in the policy: its path without its first
// folder, but for programs.
func short(pkg string) string {
	rest, ok := strings.CutPrefix(pkg, "protocol/")
	if !ok {
		rest, ok = strings.CutPrefix(pkg, "web/")
	}
	if !ok || strings.HasPrefix(rest, "cmd/") {
		return pkg
	}
	return rest
}

// read parses all files but tests.
func read(t *testing.T, root fs.FS) (sources []source) {
	t.Helper()
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata" || d.Name() == "node_modules"):
			return fs.SkipDir
		case filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		s, err := parseFile(name, text)
		sources = append(sources, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sources
}

func parseFile(name string, text []byte) (source, error) {
	s := source{file: name}
	file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
	if err != nil {
		return s, err
	}
	names := map[string]string{} // as the file calls it: import path
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return s, err
		}
		s.imports = append(s.imports, imported)
		name := path.Base(imported)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = imported
		if name == "." {
			s.uses = append(s.uses, imported+".*")
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && names[x.Name] != "" {
				s.uses = append(s.uses, names[x.Name]+"."+sel.Sel.Name)
			}
		}
		return true
	})
	return s, nil
}

// forbidden imports and uses in protocol/ outside netio and cmd: no clock, no
// randomness, no system, no browser of its own. A trailing / stands for all below.
var (
	forbiddenImports = []string{"os", "os/", "syscall", "syscall/", "crypto/rand", "math/rand", "math/rand/",
		"github.com/maxence-charriere/go-app/"}
	forbiddenUses = []string{"time.Now", "time.Since", "time.Until"}
)

func check(may map[string]map[string]bool, sources []source) (faults []string) {
	fault := func(s source, format string, args ...any) {
		faults = append(faults, s.file+" "+fmt.Sprintf(format, args...))
	}
	slices.SortFunc(sources, func(a, b source) int { return cmp.Compare(a.file, b.file) })
	for _, s := range sources {
		allowed, known := may[short(s.pkg())]
		for _, imported := range s.imports {
			ours, ok := strings.CutPrefix(imported, module+"/")
			if ok && known && !allowed[short(ours)] {
				fault(s, "may not import %s", ours)
			}
		}
		if !known {
			fault(s, "belongs to no rule: %s is not in the policy", s.pkg())
		}
		if !sansIO(s.pkg()) {
			continue
		}
		for _, imported := range s.imports {
			for _, f := range forbiddenImports {
				if imported == f || strings.HasSuffix(f, "/") && strings.HasPrefix(imported, f) {
					fault(s, "imports %s", imported)
				}
			}
		}
		for _, use := range s.uses {
			of, name, _ := strings.Cut(use, ".")
			switch {
			case name == "*":
				fault(s, "imports %s with a dot", of)
			case slices.Contains(forbiddenUses, use):
				fault(s, "uses %s", use)
			case of == "net" && (s.pkg() != "protocol/tlslink" || reachesOut(name)):
				fault(s, "uses %s", use)
			}
		}
	}
	return faults
}

// reachesOut tells whether a name of package net asks the system for something;
// the others are types that crypto/tls and crypto/x509 speak in.
func reachesOut(name string) bool {
	for _, verb := range []string{"Dial", "Listen", "Lookup", "Resolve", "File", "Interface", "DefaultResolver"} {
		if strings.HasPrefix(name, verb) {
			return true
		}
	}
	return false
}

// sansIO tells whether a package belongs to the machines, which do no I/O.
// protocol/held writes a file, for tests alone: nothing else may import it.
func sansIO(pkg string) bool {
	return strings.HasPrefix(pkg+"/", "protocol/") && pkg != "protocol/held" &&
		!strings.HasPrefix(pkg+"/", "protocol/netio/") && !strings.HasPrefix(pkg+"/", "protocol/cmd/")
}
