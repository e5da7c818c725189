"""Commands that want a terminal, a password or an answer, of which a step has none."""

from __future__ import annotations

import pytest

from backout_tui.domain.shell.wanting import asking

ASKS = {
    "read answer": "read",
    "printf x; read -r a; test $a = y": "read",
    "while read -r l; do echo; done": "read",
    "confirm() { read -r x; }\nconfirm": "read",
    "function confirm {\n read x\n}\nconfirm && go": "read",
    "inner() { read x; }\nouter() { inner; }\nouter": "read",
    "(read x)": "read",
    "x=$(read y; echo $y)": "read",
    "mapfile -t x": "mapfile",
    "select x in a b; do echo; done": "select",
    "read x </dev/tty": "/dev/tty",
    "echo Sure? >/dev/tty": "/dev/tty",
    "kubectl exec -it deploy/shop -- true": "kubectl exec -it",
    "kubectl -n a exec x -ti -- sh": "kubectl exec -ti",
    "kubectl run x --image=y --tty": "kubectl run --tty",
    "docker run -it --rm busybox true": "docker run -it",
    "docker run --name x -e A=b -t img": "docker run -t",
    "docker exec --tty x ls": "docker exec --tty",
    "podman exec -ti x sh": "podman exec -ti",
    "sudo systemctl restart x": "sudo",
    "sudo -u postgres psql -c x": "sudo",
    "env A=1 sudo x": "sudo",
    "timeout 60 sudo x": "sudo",
    "doas x": "doas",
    "su - postgres": "su",
    "vi x": "vi",
    "sudo -n vim /etc/x": "vim",
    "nano x": "nano",
    "foo | less": "less",
    "man x": "man",
    "htop": "htop",
    "kubectl -n a edit cm x": "kubectl edit",
    "crontab -e": "crontab -e",
    "git commit -a": "git commit without -m",
    "git rebase -i HEAD~2": "git rebase -i",
    "passwd x": "passwd",
    "mysql -u root -p -e x": "mysql -p",
    "psql -W x": "psql -W",
    "apt-get remove x": "apt-get remove",
    "yum downgrade x": "yum downgrade",
    "terraform apply": "terraform apply",
    "pulumi up": "pulumi up",
    "rm -i x": "rm -i",
    "ssh -i key user@host": "ssh without a command",
    "ssh -t host x": "ssh -t",
    "docker login registry": "docker login",
    "az login": "az login",
    "aws configure": "aws configure",
    "ansible-playbook -K x.yml": "ansible -K",
    "tmux attach": "tmux",
    "stty -echo": "stty",
    "psql -h db shop": "psql",
    "mysql shop": "mysql",
    "sudo -n -u postgres psql": "psql",
    "bash": "bash",
    "python3": "python3",
    "sftp host": "sftp",
    "telnet host 25": "telnet",
    "gh release delete v2": "gh delete",
    "docker system prune": "docker prune",
    "php artisan migrate:rollback": "php artisan",
}

DOES_NOT = [
    "psql -h db -c 'select 1'", "psql -f x.sql shop", "psql <x.sql", "echo x | mysql shop",
    "mysql -e x",
    "psql -At -h db -c x", "psql --command=x", "mysql -Ne x", "bash x.sh", "sh -c x", "bash -s <f", "python3 x.py",
    "curl x | bash", "bash <<EOF\nx\nEOF", "redis-cli ping", "sftp -b f host", "gh release delete v2 --yes",
    "docker system prune -af", "php artisan migrate:rollback --force", "php artisan cache:clear", "python3 -m x",
    "psql shop <<EOF\nselect 1\nEOF", "bash -n x", "kubectl exec x -- bash -c y",
    "read -r x <f", "echo y | read x", "while read l; do x; done <f", "cat f | while read -r l; do x; done",
    "while read -r l; do read x; done <f", "foo | { read x; echo $x; }",
    "{ read a; read b; } <f", "(read a; read b) <f",
    "read -r x <<EOF\ny\nEOF", "read x <<<y", "while read -r l; do x; done < <(cmd)", "f() { read x; }\necho y | f",
    "while read -r l; do\n x\ndone <<EOF\na\nEOF", "f() { read x; }\nf <file", "f() { read x; }", "exec <f\nread x",
    "read -u 3 x", "# read x", "echo read x", 'echo "sudo vi x"', "for c in read sudo vi; do echo $c; done",
    "case $x in read) echo;; sudo|vi) echo;; esac", "case $x in\n read)\n echo;;\n sudo) echo;;\nesac",
    "CMDS=(sudo read vi)", "[[ $x =~ ^(read|sudo)$ ]]", "cat <<EOF\nsudo x\nread y\nEOF", "ssh h 'sudo x; read y'",
    "ssh -i k h uptime", "ssh -N -f -L 1:2:3 h", "ssh h <script", "ssh h <<EOF\nx\nEOF", "sudo -n x", "sudo -nu a x",
    "kubectl exec -i x -- y", "kubectl exec x -- ls -t", "kubectl exec x -c tomcat -- true",
    "docker run --rm busybox ls -t",
    "docker run -e T=1 -v a:b img -it", "docker exec x ls -it", "docker build -t x .", "docker run --name it x",
    "docker compose exec -T web x", "apt-get install -y x", "apt-get -qq install x", "yes | apt-get install x",
    "apt-get update", "dnf -y install x", "terraform apply -auto-approve", "terraform apply plan.out", "terraform plan",
    "echo yes | terraform apply", "rm -rf x", "git commit -am x", "git commit --amend --no-edit", "git rebase main",
    "git revert HEAD", "git log -p", "mysql -psecret db", "psql -w -c x", "docker login --password-stdin <f",
    "crontab f",
    "az login --identity", "aws configure set x y", "tmux new -d x", "screen -dmS x y", 'echo "less is more"',
    "man() { :; }\nman", "cat /dev/null", "kubectl rollout undo deploy/x", "helm rollback x 1",
    "x=$(cat f | while read l; do x; done)",
]  # fmt: skip


@pytest.mark.parametrize("script", ASKS)
def test_what_wants_a_person_is_found_in_its_line(script: str) -> None:
    found = list(asking(f"true\n{script}"))
    assert ASKS[script] in [one.what for one in found]
    assert all(2 <= one.line <= 2 + script.count("\n") for one in found)


@pytest.mark.parametrize("script", DOES_NOT)
def test_what_has_its_answer_or_is_no_command_is_not_found(script: str) -> None:
    assert list(asking(script)) == []


def test_each_kind_is_said_once_a_script() -> None:
    assert [one.line for one in asking("sudo a\nsudo b\nread c")] == [1, 3]
