package slim

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// node runs Node with arguments and in next to no environment: js/wasm takes
// 12,288 octets of both.
func node(t *testing.T, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	path, missing := exec.LookPath("node")
	if missing != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("Node is missing")
		}
		t.Skip("Node is missing: install Node 20 or later")
	}
	var out, errors bytes.Buffer
	c := exec.Command(path, args...)
	c.Env, c.Stdout, c.Stderr = []string{"PATH=" + filepath.Dir(path)}, &out, &errors
	err = c.Run()
	return out.String(), errors.String(), err
}

func run(t *testing.T, env []string, name string, args ...string) string {
	t.Helper()
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), env...)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out))
}

// write writes a module to a file of the test's own and returns its name.
func file(t *testing.T, module []byte) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "program.wasm")
	if err := os.WriteFile(name, module, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// built is testdata/program as Go links it.
func built(t *testing.T) []byte {
	t.Helper()
	name := file(t, nil)
	run(t, []string{"GOOS=js", "GOARCH=wasm", "GOFLAGS="}, "go", "build", "-ldflags", "-s -w", "-o", name, "./testdata/program")
	module, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return module
}

// A program says the same before and after, ends the same way, and only its last
// traceback has lost its names.
func TestProgramRuns(t *testing.T) {
	module := built(t)
	slim, err := Program(module)
	if err != nil {
		t.Fatal(err)
	}
	if len(slim) > len(module)*9/10 {
		t.Errorf("%d octets have become %d", len(module), len(slim))
	}
	start := filepath.Join(run(t, nil, "go", "env", "GOROOT"), "lib", "wasm", "wasm_exec_node.js")
	said := map[bool]string{}
	for _, stripped := range []bool{false, true} {
		module := map[bool][]byte{false: module, true: slim}[stripped]
		stdout, stderr, err := node(t, "--stack-size=8192", start, file(t, module))
		if !strings.HasSuffix(stdout, "finalized\n") || err == nil || err.Error() != "exit status 2" {
			t.Errorf("stripped %v: ended with %v, after %s%s", stripped, err, stdout, stderr)
		}
		if !strings.Contains(stderr, "panic: the end") || strings.Contains(stderr, "main.main") == stripped || strings.Contains(stderr, "main.go:") == stripped {
			t.Errorf("stripped %v: a traceback of\n%s", stripped, stderr)
		}
		said[stripped] = stdout
	}
	if said[true] != said[false] {
		t.Errorf("it said\n%sand says\n%s", said[false], said[true])
	}
}

// digest instantiates the modules in files and prints a digest of the memory of each.
const digest = `
for (const file of process.argv.slice(1)) {
  const module = new WebAssembly.Module(require("fs").readFileSync(file));
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] = () => 0;
  const { mem } = new WebAssembly.Instance(module, imports).exports;
  console.log(require("crypto").createHash("sha256").update(new Uint8Array(mem.buffer)).digest("hex"), mem.buffer.byteLength);
}`

// A memory that is cut otherwise, with a function that computes the index, is
// the same to the octet.
func TestMemoryStays(t *testing.T) {
	module := built(t)
	sections, image, f := tableOf(t, module)
	start, err := f.computeIndex()
	if err != nil {
		t.Fatal(err)
	}
	if sections, err = addStart(sections, start); err != nil {
		t.Fatal(err)
	}
	computed := write(sections, image)
	stdout, stderr, err := node(t, "-e", digest, "--", file(t, module), file(t, computed))
	if err != nil {
		t.Fatal(err, stderr)
	}
	before, after, _ := strings.Cut(strings.TrimSpace(stdout), "\n")
	if before == "" || before != after {
		t.Errorf("the memory was %s, and is %s", before, after)
	}
}
