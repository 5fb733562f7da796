#!/bin/bash
# Tries the distribution as its user has it: a folder with a space in its name, no Java on the path, no JAVA_HOME.
#   mvn -q -Pdist package -DskipTests && dist/src/test/try.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
zips=(target/ashlar-*.zip)
zip=$PWD/${zips[0]}
work=$(mktemp -d)
chmod 755 "$work"
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# The tools of a system, without any java.
mkdir "$work/tools" "$work/an apple" "$work/home" "$work/elsewhere"
for folder in /usr/bin /bin; do
  for tool in "$folder"/*; do
    case ${tool##*/} in
      java* | jlink | jar | mvn*) ;;
      *) [ -e "$work/tools/${tool##*/}" ] || ln -s "$tool" "$work/tools/${tool##*/}" ;;
    esac
  done
done
bare() {
  env -i PATH="$work/tools" HOME="$work/home" "$@"
}
bare sh -c 'command -v java' && fail "there is a java on the path"

(cd "$work/an apple" && unzip -q "$zip")
homes=("$work/an apple"/ashlar-*)
home=${homes[0]}
ashlar=$home/bin/ashlar

echo "== trains the digits from another directory"
cd "$work/elsewhere"
bare "$ashlar" train "$home/examples/digits.yaml" --out digits --json >train.json
accuracy=$(tail -n 1 train.json | sed 's/.*"test":{[^}]*"accuracy":\([0-9.]*\).*/\1/')
echo "accuracy $accuracy"
case $accuracy in 0.9[5-9]* | 1*) ;; *) fail "the digits were not learnt: $(tail -n 1 train.json)" ;; esac
[ -s "$home/cache/ashlar.aot" ] || fail "no cache of classes"

echo "== through a symbolic link, and what the README says"
ln -s "$ashlar" "$work/elsewhere/link"
bare ./link predict digits --input "$home/examples/data/digits.csv" --output answers.csv 2>err || fail "$(cat err)"
[ "$(wc -l <answers.csv)" -gt 1797 ] || fail "answers.csv has too few lines"
bare ./link doctor >doctor
grep -q 'machine code' doctor || grep -q bytecode doctor || fail "$(cat doctor)"
bare ./link java "$home/examples/src/main/java/dev/ashlar/examples/TrainIris.java" "$home/examples/data/iris.csv" iris.safetensors >iris 2>err ||
  fail "$(cat err)"
bare ./link java "$home/examples/src/main/java/dev/ashlar/examples/PredictIris.java" iris.safetensors | grep 'scores of' >/dev/null

echo "== every example finds its data"
for example in "$home"/examples/*.yaml; do
  case ${example##*/} in mnist.yaml) continue ;; esac # its files are the user's
  bare ./link validate "$example" >valid 2>&1 || fail "$example: $(cat valid)"
done

echo "== plug-ins of the folder are looked for"
bare ./link plugins list | grep -F "$home/plugins" >/dev/null || fail "$(bare ./link plugins list)"

echo "== a second start takes"
TIMEFORMAT='%R s'
time bare "$ashlar" --version

echo "== the folder cannot be written to"
rm -rf "$home/cache"
chmod -R a-w "$home"
user=()
if [ "$(id -u)" = 0 ]; then
  command -v setpriv >/dev/null || fail "root needs setpriv to be somebody who may not write"
  user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
  chown 65534 "$work/home"
fi
"${user[@]}" env -i PATH="$work/tools" HOME="$work/home" "$ashlar" train "$home/examples/iris.yaml" \
  --out "$work/home/iris" --json >iris.json 2>err || fail "$(cat err)"
[ -n "$(find "$work/home/.cache" -name ashlar.aot -size +1M)" ] || fail "no cache for the user: $(cat err)"
time "${user[@]}" env -i PATH="$work/tools" HOME="$work/home" "$ashlar" --version
rm -rf "$work/home/.cache"
"${user[@]}" env -i PATH="$work/tools" "$ashlar" --version >/dev/null || fail "it needs a HOME"
[ ! -e "$home/cache" ] || fail "something was written into the folder"
echo "the distribution works"
