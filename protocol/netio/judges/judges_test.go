//go:build !js

// Package judges has other people's mail programs talk to authlab: their
// clients to authlab serve, and authlab connect to their servers. A judge that
// is not installed is skipped with the command that installs it; with CI=true
// it has to be there.
package judges

import (
	"context"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/sasl"
)

var update = flag.Bool("update", false, "write the table of who was met into the README")

// Who authenticates, and who writes to whom. The password has what shells,
// addresses and configurations take for their own.
const (
	name     = "localhost"        // authlab serve's
	host     = "mail.example.org" // their servers'
	user     = "tim"
	password = "tan staaf%41:x"
	token    = "ya29.opaque-token_1~/+=="
	from     = "tim@example.org"
	to       = "ann@example.org"
)

// letter has what transfer may harm: dots at the start of lines, trailing
// spaces, octets above 127, empty lines, a line of 998 octets, a line that
// begins like an mbox's. Its lines end with CR LF; ID stands for its Message-ID.
var letter = strings.NewReplacer("\n", "\r\n", "LONG", strings.Repeat("x", 998)).Replace(lines)

//go:embed testdata/letter.txt
var lines string

// letterFor is the letter with an id of its own.
func letterFor(id string) string { return strings.Replace(letter, "<ID@", "<"+id+"@", 1) }

// authlab is the program, built once.
var authlab string

func TestMain(m *testing.M) {
	flag.Parse()
	dir, err := os.MkdirTemp("", "judges")
	if err != nil {
		panic(err)
	}
	authlab = filepath.Join(dir, "authlab")
	if out, err := exec.Command("go", "build", "-o", authlab, "example.org/smtpauth/protocol/cmd/authlab").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "authlab does not build: %v\n%s", err, out)
		os.Exit(1)
	}
	status := m.Run()
	os.RemoveAll(dir)
	os.Exit(status)
}

// TestJudges is all of them, and then the table in the README.
func TestJudges(t *testing.T) {
	t.Run("clients", func(t *testing.T) {
		for _, j := range clients {
			t.Run(j.name, j.judge)
		}
	})
	t.Run("servers", func(t *testing.T) {
		for _, j := range servers {
			t.Run(j.name, j.judge)
		}
	})
	t.Run("README", checkTable)
}

// both are the mechanisms that a judge and authlab know, in our order.
func both(theirs []string) (names []string) {
	for _, m := range sasl.Mechanisms() {
		if slices.Contains(theirs, m.Name) {
			names = append(names, m.Name)
		}
	}
	return names
}

// shown tells whether a mechanism shows the password to who listens.
func shown(mechanism string) bool {
	m, _ := sasl.Lookup(mechanism)
	return m.Clear
}

// bound tells whether a mechanism wants TLS, to whose channel it binds (RFC
// 5802 §6).
func bound(mechanism string) bool { return strings.HasSuffix(mechanism, "-PLUS") }

// byToken reports whether a mechanism is proved by a token, in TLS alone (OAB-06).
func byToken(mechanism string) bool {
	m, _ := sasl.Lookup(mechanism)
	return m.Facts.Crosses == sasl.CrossesToken
}

// keyed tells whether a mechanism wants a key of the server's, and so Kerberos.
func keyed(mechanism string) bool {
	m, _ := sasl.Lookup(mechanism)
	return m.Keyed
}

// possible reports whether authlab has a mechanism on a connection of this kind.
func possible(mechanism string, tls client.TLS) bool {
	return tls != client.NoTLS || !bound(mechanism) && !byToken(mechanism) && mechanism != "EXTERNAL"
}

// need returns where a program is: on the PATH, or where system programs are.
// install is the command that brings it.
func need(t *testing.T, program, install string) string {
	t.Helper()
	for _, name := range []string{program, "/usr/sbin/" + program} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	missing(t, program, install)
	return ""
}

// missing ends a test whose judge is not there.
func missing(t *testing.T, what, install string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is missing, and CI=true; this installs it: %s", what, install)
	}
	t.Skipf("%s is missing; this installs it: %s", what, install)
}

// debian is the command that installs a package.
func debian(name string) string { return "sudo apt-get install -y --no-install-recommends " + name }

// patience is how long any one program may take. None takes seconds; a machine
// that does much else may.
const patience = 3 * time.Minute

// run runs a program to its end and returns all it said; its input is in.
func run(t *testing.T, in, program string, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Stdin = strings.NewReader(in)
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		t.Fatalf("%s is not done after %s: %s", program, patience, out)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w: %s", filepath.Base(program), err, out)
	}
	return string(out), err
}

// version is the first number with a dot in what a program says of itself.
func version(t *testing.T, program string, args ...string) string {
	t.Helper()
	out, _ := run(t, "", program, args...) // some say it and exit with 1
	number := numbers.FindString(out)
	if number == "" {
		t.Fatalf("%s %q says no version: %s", program, args, out)
	}
	return number
}

var numbers = regexp.MustCompile(`\d+\.[0-9][0-9a-zA-Z.]*`)

// file writes a file into a folder that goes with the test.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// nodeModule returns the version of a package of testdata/node.
func nodeModule(t *testing.T, name string) string {
	t.Helper()
	need(t, "node", debian("nodejs npm"))
	text, err := os.ReadFile(filepath.Join("testdata/node/node_modules", name, "package.json"))
	if errors.Is(err, fs.ErrNotExist) {
		missing(t, name, "npm ci --prefix protocol/netio/judges/testdata/node")
	}
	return number(t, string(text), `"version": "([^"]+)"`)
}

// goModule returns the version of a module that go.mod requires.
func goModule(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile("../../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	return number(t, string(text), regexp.QuoteMeta(path)+` v(\S+)`)
}

func number(t *testing.T, text, pattern string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("no version: %s", text)
	}
	return found[1]
}

// met collects who was met.
var met struct {
	sync.Mutex
	rows []*row
}

// A row is one of the table: a judge, and the mechanisms whose cases all held.
type row struct {
	side, name, version string
	mechanisms          map[string]bool
	untried             []string // of them, as something is missing
}

// meet opens a judge's row.
func meet(side, name, version string) *row {
	met.Lock()
	defer met.Unlock()
	r := &row{side: side, name: name, version: version, mechanisms: map[string]bool{}}
	met.rows = append(met.rows, r)
	return r
}

// count notes how a case with a mechanism ended. One that failed stays so; one
// that was skipped is taken for what the table says of it.
func (r *row) count(t *testing.T, mechanism string) {
	met.Lock()
	defer met.Unlock()
	held, known := r.mechanisms[mechanism]
	r.mechanisms[mechanism] = !t.Failed() && (held || !known)
	if t.Skipped() {
		r.untried = append(r.untried, mechanism)
	}
}

func (r *row) String() string {
	var held []string
	for _, m := range both(slices.Collect(maps.Keys(r.mechanisms))) {
		if r.mechanisms[m] {
			held = append(held, m)
		}
	}
	return fmt.Sprintf("| %s | %s | %s | %s |", r.name, r.version, r.side, strings.Join(held, ", "))
}
